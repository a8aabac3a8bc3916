package eval

const fionread = 0x4004667f
