//go:build !rtportable

#include "textflag.h"

// stubs is a row of stubCount entries of 16 bytes. Entry k makes the function value
// in table[k] the closure context and jumps to its code. It touches no other
// register: all of Go's integer and floating-point argument registers, the stack and
// the return address reach the function as the caller left them.
#define S(k) PCALIGN $16; MOVQ ·table+8*(k)(SB), DX; JMP (DX)
#define S8(k) S(k); S((k)+1); S((k)+2); S((k)+3); S((k)+4); S((k)+5); S((k)+6); S((k)+7)
#define S64(k) S8(k); S8((k)+8); S8((k)+16); S8((k)+24); S8((k)+32); S8((k)+40); S8((k)+48); S8((k)+56)
#define S512(k) S64(k); S64((k)+64); S64((k)+128); S64((k)+192); S64((k)+256); S64((k)+320); S64((k)+384); S64((k)+448)
#define S4096(k) S512(k); S512((k)+512); S512((k)+1024); S512((k)+1536); S512((k)+2048); S512((k)+2560); S512((k)+3072); S512((k)+3584)

TEXT ·stubs(SB), NOSPLIT|NOFRAME, $0-0
	S4096(0)
	S4096(4096)
	RET

TEXT ·stubBase(SB), NOSPLIT, $0-8
	LEAQ ·stubs(SB), AX
	MOVQ AX, ret+0(FP)
	RET
