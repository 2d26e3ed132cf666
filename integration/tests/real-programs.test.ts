// SPDX-License-Identifier: GPL-3.0-or-later
import { testJourneys } from './journeys.ts';

testJourneys('real programs on the move', ['bzip2', 'lua', 'sqlite']);
