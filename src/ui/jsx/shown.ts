/**
 * What of a text gets into the page. Every element is made here (`jsx-runtime`), so no component can forget that a text
 * may come from an image: what is not seen is made visible, and what would run the other way stands by itself.
 */
import { jsx } from 'react/jsx-runtime';
import { visible, visibleLines } from '../../lib/visible';

/** Properties of an element, as React types them. */
type Props = object;

/** Attributes that are shown or read out. */
const SPOKEN = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'data-tip', 'placeholder'] as const;

/** Elements that hold text and no other elements. */
const TEXT_ONLY: ReadonlySet<unknown> = new Set(['option', 'title', 'text', 'tspan', 'textarea', 'style']);

/** Letters of the scripts that run from right to left, and what would run with them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function shownText(text: string, isTextOnly: boolean, key: string | undefined): React.ReactNode {
  const seen = visible(text);
  const isOwn = seen === text && !RIGHT_TO_LEFT.test(text);
  return isOwn || isTextOnly ? seen : jsx('bdi', { children: seen }, key);
}

function shownChildren(children: unknown, isTextOnly: boolean, key?: string): unknown {
  if (typeof children === 'string') return shownText(children, isTextOnly, key);
  if (!Array.isArray(children)) return children;
  const shown = children.map((child: unknown, index) => shownChildren(child, isTextOnly, `text ${index}`));
  return shown.every((child, index) => child === children[index]) ? children : shown;
}

/** Returns the properties of an element with all that is shown of them made fit for it. */
export function shownProps(type: unknown, props: Props): Props {
  const given = props as Readonly<Record<string, unknown>>;
  let out = props;
  const children = shownChildren(given['children'], TEXT_ONLY.has(type));
  if (children !== given['children']) out = { ...out, children };
  for (const name of SPOKEN) {
    const text = given[name];
    if (typeof text !== 'string') continue;
    const seen = visibleLines(text);
    if (seen !== text) out = { ...out, [name]: seen };
  }
  return out;
}
