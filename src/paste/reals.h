/* Floats of Python. */
#ifndef CNN_PASTE_REALS_H
#define CNN_PASTE_REALS_H

#include "paste/paste.h"

double cnn_real_floor(double x);
double cnn_real_root(double x); /* x is not negative */

/* Digits times a power of 10; right to the last bit up to 10^22. */
double cnn_real_scaled(int64_t digits, int32_t power);

/* "0.5", "1e-3"; false: it is no such number. */
bool cnn_real_read(cnn_text text, double *out);

/* x times 10^places as the nearest whole number, halves to the even one; exact. False: too large.
 */
bool cnn_real_decimal(double x, int32_t places, int64_t *out);

/* round(x, places); false: too large. */
bool cnn_real_round(double x, int32_t places, double *out);

/* Python's a // b and a % b: rounded down, the rest has the sign of b. False: b is 0, or one of
 * them is not finite. */
bool cnn_real_divide(double a, double b, double *quotient, double *rest);

/* False: an exponent that is not computed here, or too large a result. */
bool cnn_real_power(double base, double exponent, double *out);

/* With so many places, and as str() shows it; false: it is not spelt out here. */
bool cnn_real_fixed(cnn_paster *p, double x, int32_t places, cnn_text *out);
bool cnn_real_shown(cnn_paster *p, double x, cnn_text *out);

#endif
