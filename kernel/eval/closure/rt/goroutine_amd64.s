#include "textflag.h"

// goroutine is the address of what the runtime keeps about the goroutine that runs.
TEXT ·goroutine(SB), NOSPLIT, $0-8
	MOVQ TLS, CX
	MOVQ 0(CX)(TLS*1), AX
	MOVQ AX, ret+0(FP)
	RET
