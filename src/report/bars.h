/* Numbers over depth. */
#ifndef CNN_REPORT_BARS_H
#define CNN_REPORT_BARS_H

#include "report/report.h"

/* Keeps the columns that are numbers. False: there is none. */
bool cnn_prepare_bars(cnn_report *report, cnn_error *err);

/* What a row's bar shows: a count, or a number in sixteenths; 0: there is none. */
int64_t cnn_bar_value(const cnn_report *report, const cnn_column *column, const cnn_row *row);

/* Its length when `most` takes `room`, which is 1 to 10,000: rounded to nearest, and 1 at least
 * unless it is 0. */
int64_t cnn_bar_length(int64_t value, int64_t most, int64_t room);

void cnn_write_bars(cnn_report *report);
void cnn_write_plot(cnn_report *report);
bool cnn_prepare_plot(cnn_report *report, cnn_error *err);

#endif
