/** XML set out with one element a line. */

const DEPTH_LIMIT = 200;
/** Characters; a domain has a few thousand, and parsing much more would hold up the page. */
const SIZE_LIMIT = 100_000;
const INDENT = '  ';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Returns the text set out; undefined if it is not well-formed, or has size, depth or entities that had better not be followed. */
export function prettyXml(text: string): string | undefined {
  if (text.length > SIZE_LIMIT || /<!(?:doctype|entity)/iu.test(text)) return undefined;
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  if (parsed.querySelector('parsererror')) return undefined;
  const lines: string[] = [];
  for (const node of parsed.childNodes) if (!write(node, 0, lines)) return undefined;
  return lines.join('\n');
}

/** False where nesting is too deep. */
function write(node: Node, depth: number, lines: string[]): boolean {
  if (depth > DEPTH_LIMIT) return false;
  const indent = INDENT.repeat(depth);
  if (node instanceof Comment) {
    lines.push(`${indent}<!--${node.data}-->`);
  } else if (node instanceof CDATASection) {
    lines.push(`${indent}<![CDATA[${node.data}]]>`);
  } else if (node instanceof Text) {
    const words = node.data.trim();
    if (words !== '') lines.push(indent + escaped(words));
  } else if (node instanceof Element) {
    return writeElement(node, depth, lines);
  }
  return true;
}

function writeElement(element: Element, depth: number, lines: string[]): boolean {
  const indent = INDENT.repeat(depth);
  const attributes = Array.from(
    element.attributes,
    ({ name, value }) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`,
  );
  const head = `${indent}<${element.tagName}${attributes.join('')}`;
  const [only] = element.childNodes;
  if (!only) {
    lines.push(`${head}/>`);
    return true;
  }
  if (element.childNodes.length === 1 && only instanceof Text && !(only instanceof CDATASection)) {
    lines.push(`${head}>${escaped(only.data.trim())}</${element.tagName}>`);
    return true;
  }
  lines.push(`${head}>`);
  for (const child of element.childNodes) if (!write(child, depth + 1, lines)) return false;
  lines.push(`${indent}</${element.tagName}>`);
  return true;
}
