/* Networks as code of a framework: what the writers share. */
#ifndef CNN_REPORT_CODE_H
#define CNN_REPORT_CODE_H

#include "report/report.h"

/*
 * Writes a constructor from a template. In it {x} or {x keyword} is a number of the layer:
 *
 *   {C} {N}        channels that enter and come out     {F}  features that enter, flattened
 *   {k}            the size, one number or a tuple      {n}  its first number
 *   {O}            the sides that come out              {a}  axes of what enters, 1 for a vector
 *   {s stride}     ", stride=2", unless it is 1         {S stride}  unless it is the kernel
 *   {p padding} {d dilation} {g groups} {o output_padding}  the same, unless they are the default
 *   {U}            channels as they are given           {W}  the last axis that enters
 *   {A affine}     ", affine=True" where there are parameters
 *   {b bias}       ", bias=False" where there is none   {c ceil_mode}  ", ceil_mode=True"
 *   {M} {K}        the last axes of a layer norm: their sizes, and their places in Keras
 *   {P}            the order of a permute               {x}  the channels that a cut leaves: 2, 8
 *   {m multiplier} channels that come out of each one that enters, unless it is 1
 *   {i}            ", 1" for each axis                  {l}  linear, bilinear or trilinear, by axes
 */
void cnn_code_put(cnn_out *out, const char *template, const cnn_layer *layer);

/* One number when all are equal, otherwise a tuple; how Python writes sides. */
void cnn_code_sides(cnn_out *out, const int64_t *side, int32_t count);

/* Whether every layer reads the one before it, and no weights are shared. */
bool cnn_code_chain(const cnn_network *net);

/* Padding before and after every side that a window needs besides `inner`, which is the same at
 * both sides and part of the layer. False: none. */
bool cnn_code_padding(const cnn_layer *layer, bool inner, int64_t *low, int64_t *high);

/* Whether the layer shuffles pixels to channels or back. Frameworks have that for two axes. */
bool cnn_code_is_pixels(const cnn_layer *layer);

/* The error of a layer that a framework has no code for. */
bool cnn_code_refuse(const cnn_layer *layer, const char *framework, cnn_error *err);

bool cnn_prepare_pytorch(cnn_report *report, cnn_error *err);
void cnn_write_pytorch(cnn_report *report);
bool cnn_prepare_keras(cnn_report *report, cnn_error *err);
void cnn_write_keras(cnn_report *report);

/* Whether the language has a word for every layer: pasted code may have others. */
bool cnn_code_check_list(const cnn_network *net, cnn_error *err);

#endif
