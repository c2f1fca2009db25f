"""Many runs: replicates of a scenario on threads, watched, interruptible, within memory."""
