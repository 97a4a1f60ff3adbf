"""Finding what is wrong and telling people: monitors, alerts, delivery, health, the watchdog."""
