//go:build !rtportable

package rt

const stubStride = 8
