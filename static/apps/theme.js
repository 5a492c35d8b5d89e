/** Look as the host looks; what it does not say is left to the style sheet. */
export function applyTheme({ theme, styles, displayMode, safeAreaInsets }) {
    const root = document.documentElement;
    if (theme === "light" || theme === "dark") {
        root.style.colorScheme = theme;
    }
    for (const [name, value] of Object.entries(styles?.variables ?? {})) {
        if (name.startsWith("--") && typeof value === "string") {
            root.style.setProperty(name, value);
        }
    }
    root.dataset.displayMode = displayMode ?? "inline";
    for (const [side, inset] of Object.entries(safeAreaInsets ?? {})) {
        root.style.setProperty(`--safe-${side}`, `${Number(inset) || 0}px`);
    }
}
