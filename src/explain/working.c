/* The working of a right answer, from the functions that explain. */
#include "explain/working.h"

#include "explain/explain.h"

void cnn_working_write(cnn_out *out, const cnn_network *net, const cnn_measure *measure,
                       const cnn_subject *subject, cnn_arena scratch, cnn_error *err)
{
    cnn_error its = {0};
    if (cnn_subject_single(subject) && subject->first > 0 &&
        !cnn_explain_layer(net, subject->first, cnn_text_of(measure->name), (cnn_text){0}, scratch,
                           out, &its) &&
        its.code == CNN_OUT_OF_MEMORY) {
        (void)cnn_fail_memory(err);
    }
}
