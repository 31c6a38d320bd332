/** Mutants of images: the second half. */
import { testHalf } from '../../fuzz/series';

testHalf(1);
