// Strict presets and screens.
