/** A story: the states of a component side by side, each with its name. */
import type { State, Story } from './story';
import styles from './stories.module.css';

/** Shows all states of a component. */
export function StoryView({ story }: { readonly story: Story }): React.ReactNode {
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
