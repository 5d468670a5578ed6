/* From the parts of a number to its value. */
#ifndef CNN_CHECK_AMOUNT_SETTLE_H
#define CNN_CHECK_AMOUNT_SETTLE_H

#include "check/amount.h"

/* mantissa * unit * 10^(exponent - decimals), reduced as far as the unit allows. False: it does not
 * fit. */
bool cnn_amount_settle(cnn_amount *amount);

#endif
