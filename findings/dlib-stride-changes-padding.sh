#!/usr/bin/env bash
# dlib 19.24: the default padding of con and max_pool depends on the stride, and grows even kernels.
#
# With stride 1 it is kernel/2, otherwise 0. Changing a 7x7 convolution's stride from 1 to 2 takes
# its padding away (28 becomes 11, not 14), and a 4x4 kernel with stride 1 makes the map larger.
. "$(dirname "$0")/packages"
debian_packages libdlib-dev=19.24+dfsg-1

cat >sizes.cpp <<'CPP'
#include <dlib/dnn.h>
#include <iostream>
using in = dlib::input<dlib::matrix<float>>;
template <typename net_type> void show(const char *name, net_type net)
{
    std::vector<dlib::matrix<float>> image(1, dlib::ones_matrix<float>(28, 28));
    dlib::resizable_tensor x;
    net.to_tensor(image.begin(), image.end(), x);
    std::cout << name << " " << net.forward(x).nr() << "\n";
}
int main()
{
    show("con7s1", dlib::con<1, 7, 7, 1, 1, in>());
    show("con7s2", dlib::con<1, 7, 7, 2, 2, in>());
    show("con4s1", dlib::con<1, 4, 4, 1, 1, in>());
    show("pool3s1", dlib::max_pool<3, 3, 1, 1, in>());
    show("pool3s2", dlib::max_pool<3, 3, 2, 2, in>());
}
CPP
LD_LIBRARY_PATH='' g++ -std=c++14 -I root/usr/include sizes.cpp -o sizes -L root/usr/lib/x86_64-linux-gnu \
    -Wl,--unresolved-symbols=ignore-in-shared-libs -ldlib -lpthread
expect "dlib 19.24" "$(./sizes | paste -sd ' ')" "con7s1 28 con7s2 11 con4s1 29 pool3s1 28 pool3s2 13"
