/* From the text's modules to the network. */
#ifndef CNN_PASTE_ROOT_H
#define CNN_PASTE_ROOT_H

#include "paste/flow.h"

/* The module or tensor that is the network; NONE: the text has none. */
bool cnn_root_choose(cnn_paster *p, const cnn_token *tokens, const cnn_py_node *program,
                     cnn_py *out);

/* Runs the root and ends the network. */
bool cnn_root_run(cnn_paster *p, const cnn_py *root);

/* Reads what print(model) prints. */
bool cnn_printout_read(cnn_paster *p);

/* Runs the modules of a printout in their order. `hidden`: a class among them may do anything in
 * its forward. */
bool cnn_printout_run(cnn_paster *p, cnn_module *root, bool hidden);

/* Networks in other notations. */
bool cnn_keras_json_read(cnn_paster *p);
bool cnn_darknet_read(cnn_paster *p);
bool cnn_prototxt_read(cnn_paster *p);
bool cnn_mcdnn_read(cnn_paster *p);
bool cnn_torchvision_read(cnn_paster *p);

#endif
