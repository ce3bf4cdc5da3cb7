"""Pages: agendas: written by themselves, edited, with papers, approved by the chair."""
