"""The web's ground floor: who may do what, one commit at the edge, forms, errors, filters."""
