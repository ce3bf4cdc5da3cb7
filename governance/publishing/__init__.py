"""The gate before publication, corrections, supplements, withdrawn papers."""
