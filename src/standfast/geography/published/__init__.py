"""Published files of places, roads and reported events, as drafts of scenarios."""
