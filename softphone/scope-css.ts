import type { CSSOptions } from "vite";

const SCOPE = ".legwork";

/** Of the page itself, or with the panel's own class already. */
const isPlaced = (selector: string): boolean => /^(html|body|:root|\.legwork\b)/.test(selector);

/** Puts every rule below the panel's class, so that a page the panel is put into keeps its own look. */
export const scopedCss: CSSOptions = {
  postcss: {
    plugins: [
      {
        postcssPlugin: "legwork-scope",
        OnceExit: (root) => {
          root.walkRules((rule) => {
            const { parent } = rule;
            if (parent?.type === "atrule" && "name" in parent && parent.name === "keyframes") return;
            rule.selectors = rule.selectors.map((each) => (isPlaced(each) ? each : `${SCOPE} ${each}`));
          });
        },
      },
    ],
  },
};
