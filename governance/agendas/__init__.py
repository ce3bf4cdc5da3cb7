"""Agendas: written by themselves, edited, with papers, approved by the chair."""
