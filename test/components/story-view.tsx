/** A story: the states of a component side by side, each with its name. */
import { useEffect } from 'react';
import type { State, Story } from './story';
import styles from './stories.module.css';

/** Shows all states of a component. What moves stands still, so that it looks the same every time. */
export function StoryView({ story }: { readonly story: Story }): React.ReactNode {
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { animation: none !important; transition: none !important; caret-color: transparent; }');
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, []);
  return (
    <section className={styles['story']} aria-label={story.name}>
      {story.states.map((state) => (
        <StateView key={state.name} state={state} story={story} />
      ))}
    </section>
  );
}

function StateView({ state, story }: { readonly state: State; readonly story: Story }): React.ReactNode {
  const { width, height } = story;
  return (
    <figure className={styles['state']} data-state-of={state.name}>
      <figcaption className="cap">{state.name}</figcaption>
      <div className={width === undefined ? styles['free'] : styles['framed']} style={{ width, height }}>
        {state.show()}
      </div>
    </figure>
  );
}
