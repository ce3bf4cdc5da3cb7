"""Boards at work: review cycles, meetings, agendas, packs, minutes, decisions and notices."""
