"""How long the record is kept, what is put into an archive before it goes, and how one person's data is erased."""
