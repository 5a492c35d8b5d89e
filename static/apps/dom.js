/**
 * A new element. What records hold gets into the page here only, and always as text.
 *
 * @param {string} name
 * @param {Object} attributes null and false leave an attribute out
 * @param {...(Node|string)} children
 */
export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) {
        if (value !== null && value !== false) {
            made.setAttribute(attribute, value === true ? "" : value);
        }
    }
    made.append(...children);
    return made;
}
