"""What to draw of the answers of experiments: a file for each kind of answer."""
