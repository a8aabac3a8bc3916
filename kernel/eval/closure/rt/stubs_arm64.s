//go:build !rtportable

#include "textflag.h"

// stubs is a row of stubCount entries of 8 bytes. Entry k puts its number into R27,
// and the common end makes the function value in table[k] the closure context (R26)
// and jumps to its code. R26 and R27 hold no arguments: all that do, the stack and
// the link register reach the function as the caller left them.
#define S(k) MOVD $(k), R27; B end
#define S8(k) S(k); S((k)+1); S((k)+2); S((k)+3); S((k)+4); S((k)+5); S((k)+6); S((k)+7)
#define S64(k) S8(k); S8((k)+8); S8((k)+16); S8((k)+24); S8((k)+32); S8((k)+40); S8((k)+48); S8((k)+56)
#define S512(k) S64(k); S64((k)+64); S64((k)+128); S64((k)+192); S64((k)+256); S64((k)+320); S64((k)+384); S64((k)+448)
#define S4096(k) S512(k); S512((k)+512); S512((k)+1024); S512((k)+1536); S512((k)+2048); S512((k)+2560); S512((k)+3072); S512((k)+3584)

TEXT ·stubs(SB), NOSPLIT|NOFRAME, $0-0
	S4096(0)
	S4096(4096)
end:
	MOVD $·table(SB), R26
	MOVD (R26)(R27<<3), R26
	MOVD (R26), R27
	JMP (R27)

TEXT ·stubBase(SB), NOSPLIT, $0-8
	MOVD $·stubs(SB), R0
	MOVD R0, ret+0(FP)
	RET
