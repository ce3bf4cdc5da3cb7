"""What must happen once and be provable: audit, deeds, outbox, filed bytes."""
