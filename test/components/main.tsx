/** The page of components: `npm run dev`, then /components.html. It is not part of what is built. */
import { StrictMode, use, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { followTheme, nextTheme } from '../../src/ui/commands/theme';
import { sampleFile } from '../fixtures/page/sample-file';
import { openFiles } from './files';
import { panelStories } from './panel-stories';
import { SHARED_STORIES } from './shared-stories';
import { StoryView } from './story-view';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';
import styles from './stories.module.css';

const stories = sampleFile()
  .then(openFiles)
  .then((files) => [...SHARED_STORIES, ...panelStories(files)]);

function followHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function Page(): React.ReactNode {
  const all = use(stories);
  const wanted = useSyncExternalStore(followHash, () => location.hash.slice(1));
  const [first] = all;
  const story = all.find(({ name }) => name === wanted) ?? first;
  const [, setLooks] = useState(0);
  return (
    <main className={styles['page']}>
      <nav className={styles['list']} aria-label="Components">
        <button
          type="button"
          className="btn"
          onClick={() => {
            nextTheme();
            setLooks((looks) => looks + 1);
          }}
        >
          Switch theme
        </button>
        {all.map(({ name }) => (
          <a key={name} href={`#${name}`} aria-current={name === story?.name ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div className={styles['shown']}>{story && <StoryView key={story.name} story={story} />}</div>
    </main>
  );
}

followTheme();
const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
