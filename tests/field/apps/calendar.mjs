// SPDX-License-Identifier: MIT
// FullCalendar in Arabic: a page that reads from right to left.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>التقويم</title><script src="/calendar/index.global.min.js"></script><script src="/core/locales/ar.global.min.js"></script>
<style>body { font: 15px sans-serif; margin: 16px } dialog { border: 1px solid #888 }</style></head><body><h1>تقويم الحديقة</h1><form id="event" action="/saved"><label>الموعد <input name="title"></label> <label>المكان <input name="place"></label>
<button>حفظ</button> <button type="button" id="print">طباعة</button> <button type="button" id="nothing">مشاركة</button></form><div id="calendar"></div><dialog id="about"><p></p><button onclick="this.parentNode.close()">إغلاق</button></dialog><script src="/site.js"></script></body></html>`;

const SCRIPT = `const calendar = new FullCalendar.Calendar(document.getElementById('calendar'), { locale: 'ar', direction: 'rtl', initialDate: '2026-05-12', height: 560, selectable: true, editable: true,
  headerToolbar: { start: 'title', center: 'dayGridMonth,timeGridWeek,listMonth', end: 'today prev,next' },
  events: [{ title: 'سقي السرخس', start: '2026-05-04' }, { title: 'سوق البذور', start: '2026-05-12T10:00', end: '2026-05-12T12:00' }, { title: 'تقليم', start: '2026-05-20', end: '2026-05-23' }],
  eventClick: ({ event }) => { const about = document.getElementById('about'); about.querySelector('p').textContent = event.title; about.showModal(); } });
calendar.render();
document.getElementById('print').onclick = () => print();`;

const event = { '#event [name=title]': 'زيارة الجيران', '#event [name=place]': 'عند البوابة' };

export default {
  about: 'calendar, right to left',
  npm: { fullcalendar: '6.1.17', '@fullcalendar/core': '6.1.17' },
  start: ({ modules }) => ({
    folders: { '/calendar/': join(modules, 'fullcalendar'), '/core/': join(modules, '@fullcalendar/core') },
    routes: { '/': PAGE, '/site.js': SCRIPT, '/saved': '<!DOCTYPE html><html dir="rtl"><head><meta charset="utf-8"><title>تم</title></head><body><h1>تم الحفظ</h1><a href="/">رجوع</a></body></html>' },
  }),
  tasks: {
    sends: (visitor) => visitor.form('an event', event, { send: (one) => one.click('#event button') }),
    leaves: (visitor) => visitor.form('an event', event, { leave: (one) => one.goto('/saved') }),
    async looks(visitor) {
      await visitor.click('.fc-next-button', { times: 4 });
      await visitor.click('.fc-timeGridWeek-button');
      await visitor.click('#print');
      await visitor.click('#nothing', { times: 3 });
      await visitor.click('#nothing', { patient: true });
    },
  },
};
