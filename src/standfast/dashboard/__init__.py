"""The dashboard: watch a run, change it, branch it, compare; on this machine only."""
