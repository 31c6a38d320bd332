/** Nothing throws, hangs or grows, and each mutant gets a verdict: the first half. `npm run fuzz` makes more of them. */
import { testHalf } from '../../fuzz/series';

testHalf(0);
