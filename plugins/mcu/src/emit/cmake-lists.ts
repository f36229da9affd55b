import type { Target } from '../targets/index.js';

/** `CMakeLists.txt`: the model as a library, and a program around it. */
export function cmakeLists(prefix: string, target: Target): string {
  return `cmake_minimum_required(VERSION 3.16)
${toolchain(target)}project(${prefix} C ASM)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)

# What the counts and sizes in README.md were measured with.
add_compile_options(${target.flags.join(' ')} -ffunction-sections -fdata-sections -Wall -Wextra -Wconversion)

file(GLOB KERNELS CONFIGURE_DEPENDS kernels/whittle_*.c kernels/whittle_*.S)
add_library(model STATIC model.c \${KERNELS})
target_include_directories(model PUBLIC \${CMAKE_CURRENT_SOURCE_DIR} PRIVATE kernels)

${program(prefix, target)}`;
}

function toolchain(target: Target): string {
  return target.emulator
    ? `set(CMAKE_SYSTEM_NAME ${target.emulator.board ? 'Generic' : 'Linux'})
set(CMAKE_C_COMPILER ${target.compiler})
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
`
    : '';
}

function program(prefix: string, { emulator, flags }: Target): string {
  if (!emulator)
    return `add_executable(${prefix} main.c)
target_link_libraries(${prefix} PRIVATE model)
`;
  if (!emulator.board)
    return `add_executable(${prefix} main.c)
target_link_libraries(${prefix} PRIVATE model)
target_link_options(${prefix} PRIVATE ${emulator.linkFlags.join(' ')})

add_custom_target(emulate
  COMMAND ${[emulator.command, ...emulator.arguments].join(' ')} $<TARGET_FILE:${prefix}>
  DEPENDS ${prefix} USES_TERMINAL)
`;
  return `# For ${emulator.board.name}, as ${emulator.command} plays it. For a real board take its own start-up and linker script.
add_executable(${prefix} main.c board/startup.c)
target_link_libraries(${prefix} PRIVATE model)
target_link_options(${prefix} PRIVATE ${[...flags, ...emulator.linkFlags].join(' ')} --specs=rdimon.specs
  -L \${CMAKE_CURRENT_SOURCE_DIR}/board -T link.ld -Wl,--gc-sections)
set_target_properties(${prefix} PROPERTIES SUFFIX .elf)

add_custom_target(emulate
  COMMAND ${emulator.command} ${emulator.arguments.join(' ')}
    -semihosting-config enable=on,target=native -kernel $<TARGET_FILE:${prefix}>
  DEPENDS ${prefix} USES_TERMINAL)
`;
}
