"""People, organisations and boards: who belongs to a partnership and how they sign in."""
