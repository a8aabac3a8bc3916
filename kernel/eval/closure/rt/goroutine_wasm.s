#include "textflag.h"

// goroutine is the address of what the runtime keeps about the goroutine that runs.
TEXT ·goroutine(SB), NOSPLIT, $0-8
	MOVD g, ret+0(FP)
	RET
