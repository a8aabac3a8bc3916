#include "textflag.h"

// goroutine is the address of what the runtime keeps about the goroutine that runs.
TEXT ·goroutine(SB), NOSPLIT, $0-4
	MOVL TLS, CX
	MOVL 0(CX)(TLS*1), AX
	MOVL AX, ret+0(FP)
	RET
