/** Entry of the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followHistory } from '../state/url/history';
import { App } from './app/app';
import { followTheme } from './commands/theme';
import './tokens.css';
import './base.css';

followTheme();
followHistory();
const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
