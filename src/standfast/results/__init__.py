"""From recordings to labelled output, verdicts and attribution, and how they were made."""
