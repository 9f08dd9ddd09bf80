"""What happens when something dies or runs full: nothing that was confirmed is lost, and nothing half done is left."""
