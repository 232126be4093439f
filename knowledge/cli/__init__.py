"""The commands `xuesi kb`, `backup` and `restore`, and what all commands share."""
