package eval

const fionread = 0x541b
