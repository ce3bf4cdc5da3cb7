"""Pages: the gate before publication, corrections, supplements, withdrawn papers."""
