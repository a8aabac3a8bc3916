// An assembly file lets Go take functions without a body.
