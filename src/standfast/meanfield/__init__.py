"""The mean-field twin: shares and means in place of persons, written from the equations."""
