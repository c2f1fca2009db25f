"""What is to be simulated: read, checked, frozen, written."""
