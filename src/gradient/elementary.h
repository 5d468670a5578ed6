/*
 * Elementary functions in double precision, by basic arithmetic and what libc itself has.
 *
 * A libm would be a second shared library to load, which takes longer than a table does; and its
 * last digits differ from system to system, so that the same bytes in would not give the same bytes
 * out. The relative error is below 1e-15, that of cnn_exp below 1.2e-16: its proof is beside it,
 * and tests compare with the system's libm.
 */
#ifndef CNN_GRADIENT_ELEMENTARY_H
#define CNN_GRADIENT_ELEMENTARY_H

double cnn_exp(double x);
double cnn_log(double x); /* x = 0 gives -infinity, x < 0 no number */
double cnn_tanh(double x);
double cnn_root(double x); /* the square root; x < 0 gives no number */
double cnn_power(double x, double n);

#endif
