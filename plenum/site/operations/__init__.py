"""Running an installation: health, figures for monitoring, logs, backup and restore, upgrade, examination."""
