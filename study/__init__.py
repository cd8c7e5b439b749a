"""Studies: from a scored archive to estimates that can be published."""
