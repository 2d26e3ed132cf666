// SPDX-License-Identifier: GPL-3.0-or-later
import { init } from 'echarts';
import type { Ride } from './ride.ts';

/** Throughput and delays over time, as SVG. */
export function plot(moved: Ride, stayed: Ride): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 520 });
  const line = (name: string, { steps }: Ride) => ({
    ...{ name, type: 'line' as const, showSymbol: false },
    data: steps.map(({ atS, perSecond }) => [round(atS), round(perSecond)]),
  });
  const delay = (name: string, isa: 'x86-64' | 'aarch64') => ({
    ...{
      name,
      type: 'line' as const,
      showSymbol: false,
      yAxisIndex: 1,
      lineStyle: { type: 'dashed' as const },
    },
    data: stayed.steps.map(({ atS, delays }) => [round(atS), delays[isa]]),
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    legend: {},
    xAxis: { type: 'value', name: 's', max: 'dataMax' },
    yAxis: [
      { type: 'value', name: 'replies a second' },
      { type: 'value', name: 'delay in ms', splitLine: { show: false } },
    ],
    series: [
      line('Redis hops', moved),
      line('Redis stays', stayed),
      delay('delay to the x86-64 node', 'x86-64'),
      delay('delay to the aarch64 node', 'aarch64'),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
